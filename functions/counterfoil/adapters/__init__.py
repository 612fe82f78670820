"""One file per outside system: their words in, ours out."""
