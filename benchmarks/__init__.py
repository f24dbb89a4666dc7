"""How quick, how big? One file per question; each prints a markdown table beside the bare limit of the same run."""
