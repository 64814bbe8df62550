"""All that certification writes."""

from gnomon.certification.actions.checking import ask_for_run, carry_out
from gnomon.certification.actions.judging import judge
from gnomon.certification.actions.limiting import begin_operation, plan_activity, set_limits
from gnomon.certification.actions.packs import hand_out, make_pack, order_pack
from gnomon.certification.actions.run import run_checks
from gnomon.certification.actions.sampling import draw_ordered, draw_sample, drawn_again, examine

__all__ = [
    "ask_for_run",
    "begin_operation",
    "carry_out",
    "draw_ordered",
    "draw_sample",
    "drawn_again",
    "examine",
    "hand_out",
    "judge",
    "make_pack",
    "order_pack",
    "plan_activity",
    "run_checks",
    "set_limits",
]
