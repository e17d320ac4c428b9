"""One encoder and two decoders that swap faces, and a detector that finds out."""
