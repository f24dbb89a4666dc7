"""谁检查、谁录入、谁公开: what the public may read, and nothing else."""
