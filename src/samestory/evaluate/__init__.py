"""How good an alignment is: stories, beads and scores of a build against gold made by hand."""

from samestory.evaluate.evaluation import Evaluation, evaluate
from samestory.evaluate.indexes import IndexEvaluation, evaluate_indexes

__all__ = ["Evaluation", "IndexEvaluation", "evaluate", "evaluate_indexes"]
