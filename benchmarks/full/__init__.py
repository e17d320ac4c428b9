"""A full hall against one small machine, server and visitors together on its cores: `python -m benchmarks.full`."""
