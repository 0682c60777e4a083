from mutmut_dashboard.config import Target

TARGETS = [Target(name="rooms", modules=["rooms.py"], suites=["test_rooms.py"])]
