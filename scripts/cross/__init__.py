"""Training the cross-encoder: pairs of English texts, and the network that reads both."""
