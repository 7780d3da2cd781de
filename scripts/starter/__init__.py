"""The parts of the recipe for the starter translation models; scripts/train_starter_models.py runs them in order."""
