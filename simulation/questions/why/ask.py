"""Which of the two is asked: why an actor moved in a step, or why a party answered an offer as it did."""

from __future__ import annotations

from simulation.questions.finding import Finding
from simulation.questions.why.answer import why_answer
from simulation.questions.why.step import why_move
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario


@of_kind
def why(
    scenario: Scenario,
    actor: str | None = None,
    step: int = 0,
    run: int = 0,
    seed: int = 1,
    *,
    offer: str | None = None,
    party: str | None = None,
    runs: int = 1,
    uncertain: bool = False,
) -> Finding:
    """One step of a run, or the answers to one offer, taken apart: of the very runs that ``run_ensemble`` and
    ``ConflictModel`` have under that seed.

    Parameters
    ----------
    actor : whose move to show; everybody's if left out
    step : the step that begins in state ``step`` and ends in state ``step + 1``; 0 is the first
    offer : id of the offer whose answers to take apart, rather than a move; of a standing offer one occasion,
        such as ``call-3``
    party : whose answer; those of all that are asked if left out
    runs : over how many runs, from the first, to average an answer's parts, rather than take those of one run
    run, seed, uncertain : as for ``run_ensemble``

    Returns
    -------
    of a move, a finding whose dataset has dimensions actor (unless one is named), other, and further ones of the rule's
    own: ``MOVES`` and, where parties fight, ``WISHES``; ``stance_of`` (other), the stances from which the rule acts;
    ``pace``, the share of the way to the target that a step has time for; and what the rule tells of itself: rules that
    average tell the ``share`` of each other actor and its ``pull``, points on the way to the target; bargaining rules
    tell challenges, what is expected of them, offers, and whose is taken.

    Of an answer, one whose dataset has dimensions part and party, and run where there are several: ``points`` (part,
    party), which add up to ``willingness`` (party); the threshold, reserve and temperature that this is compared with;
    what the mood was worth, in points; ``chance`` and ``full``, the chances of a yes of any kind and of one without
    conditions, bit for bit those of ``run_ensemble``; the coin and the answer. ``long_name`` says what each is.

    Raises
    ------
    ScenarioError
        for an actor, step, offer or party that is not there; for an offer that the run does not make; where both a
        move and an answer are asked for; or where the rule has nothing to tell because nobody has influence
    """
    if run < 0:
        raise ScenarioError(f"run {run}: runs are counted from 0.")
    if offer is None:
        if party is not None:
            raise ScenarioError("`party` goes with `offer`: name the offer whose answer to take apart.")
        if runs != 1:
            raise ScenarioError("`runs` goes with `offer`: a move is taken apart in one run.")
        return why_move(scenario, actor, step, run, seed, uncertain=uncertain)
    if actor is not None or step:
        raise ScenarioError("`actor` and `step` ask for a move, `offer` and `party` for an answer: one or the other.")
    if runs < 1:
        raise ScenarioError(f"`runs`: {runs} is less than 1.")
    if runs > 1 and run:
        raise ScenarioError("`run` asks for one run, `runs` for the mean of many: one or the other.")
    return why_answer(scenario, offer, party, run, seed, runs, uncertain=uncertain)
