"""Parts of the load benchmarks: a county with many visits, phones that signed beforehand, servers as they are served."""
