"""Everything that runs mutants: stage, generation, clean run, fork server, verdicts."""
