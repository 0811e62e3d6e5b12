# /// script
# [tool.marimo.display]
# theme = "light"
# ///
"""The page itself, as a marimo app: what stands where, and what is drawn anew when something moves."""

import marimo

app = marimo.App(width="full", app_title="Ceasefire simulation", css_file="page.css")

with app.setup:
    import time

    import marimo as mo

    from simulation.rules import RULES
    from simulation.scenario import ScenarioError, load_scenario
    from simulation.scenario.labels import stance_word
    from simulation.show.dashboard import comparison, markup, pictures, sliders
    from simulation.show.dashboard.choices import as_of, asked_for, called, choices, first_of
    from simulation.show.dashboard.stepper import Stepper
    from simulation.show.plots.network import Network
    from simulation.show.plots.stances import sides_of
    from simulation.show.report import verdict


@app.cell
def _():
    files = choices(asked_for())
    chosen = mo.ui.dropdown(list(files), value=first_of(files, asked_for()), label="Scenario", full_width=True)
    return chosen, files


@app.cell
def _(chosen, files):
    try:
        base = load_scenario(files[chosen.value], as_of=as_of(files[chosen.value]))
    except ScenarioError as error:
        mo.stop(True, mo.callout(mo.plain_text(f"This scenario cannot be read.\n{error}"), kind="danger"))
    name = called(files[chosen.value])
    rule = mo.ui.dropdown(list(RULES), value=base.rule.name, label="Rule by which stances move", full_width=True)
    return base, name, rule


@app.cell
def _(base, rule):
    ruled = base if rule.value == base.rule.name else base.replace({"rule": rule.value})
    _few = min(comparison.RUNS.get(name, comparison.USUAL) for name in (rule.value, base.rule.name))
    runs = mo.ui.dropdown({f"{count}": count for count in comparison.COUNTS}, value=str(_few), label="Runs")
    return ruled, runs


@app.cell
def _():
    reset = mo.ui.button(label="Put everything back", value=0, on_click=lambda count: count + 1)
    wanted = mo.ui.text(placeholder="search: stance, support, truce …", full_width=True, debounce=300)
    return reset, wanted


@app.cell
def _(base, reset):
    # One element for each number. They are made anew for another scenario, or when everything is put back.
    _ = reset.value
    all_sliders = sliders.sliders_of(base)
    moved = mo.ui.dictionary(
        {
            key: mo.ui.slider(
                steps=slider.places, value=slider.item.value, debounce=True, show_value=True, full_width=True
            )
            for key, slider in all_sliders.items()
            if not key.startswith("rule.")
        }
    )
    return all_sliders, moved


@app.cell
def _(reset, ruled):
    # The numbers of the rule change with the rule; all others stay where they were put.
    _ = reset.value
    rule_sliders = {key: slider for key, slider in sliders.sliders_of(ruled).items() if key.startswith("rule.")}
    moved_rule = mo.ui.dictionary(
        {
            key: mo.ui.slider(
                steps=slider.places, value=slider.item.value, debounce=True, show_value=True, full_width=True
            )
            for key, slider in rule_sliders.items()
        }
    )
    return moved_rule, rule_sliders


@app.cell
def _(all_sliders, moved, moved_rule, rule_sliders):
    known = {key: slider for key, slider in all_sliders.items() if not key.startswith("rule.")} | rule_sliders
    elements = dict(moved.elements) | dict(moved_rule.elements)
    return elements, known


@app.cell
def _(chosen, elements, known, reset, rule, runs, wanted):
    def _rows(some, alone=False):
        return mo.Html("".join(markup.row(slider, elements[slider.key].text, alone) for slider in some))

    _found = sliders.search(known, wanted.value)
    if wanted.value.strip():
        _more = len(_found) - sliders.MOST_FOUND
        _note = f"{len(_found)} found" + (f", the first {sliders.MOST_FOUND} shown" if _more > 0 else "")
        _shown = [mo.Html(markup.small(_note)), _rows(_found[: sliders.MOST_FOUND], alone=True)]
    else:
        _sections = {
            section: mo.accordion({group: _rows(some) for group, some in groups.items()}, multiple=True)
            for section, groups in sliders.grouped(known).items()
        }
        _shown = [mo.accordion(_sections, multiple=True)]
    _hint = mo.Html(markup.section("Move a number, and see what changes"))
    mo.sidebar(mo.vstack([chosen, rule, runs, _hint, wanted, *_shown, reset], gap=0.4), width="23rem")
    return


@app.cell
def _(base, known, moved, moved_rule, ruled):
    # A rule is taken before its numbers are moved.
    changes = {} if ruled is base else {"rule": ruled.rule.name}
    changes |= sliders.changes_of(known, moved.value | moved_rule.value)
    try:
        scenario = comparison.changed(base, changes)
    except ScenarioError as error:
        mo.stop(True, mo.callout(mo.plain_text(f"These numbers do not go together.\n{error}"), kind="warn"))
    return changes, scenario


@app.cell
def _(base, runs):
    SEED = 1
    before = comparison.outcome_of(base, runs.value, SEED)
    return SEED, before


@app.cell
def _(base):
    mo.Html(markup.heading(base.heading, base.question))
    return


@app.cell
def _(SEED, before, changes, runs, scenario):
    _began = time.perf_counter()
    now = comparison.outcome_of(scenario, runs.value, SEED) if changes else before
    gaps = comparison.differences(now, before) if changes else {}
    took = time.perf_counter() - _began
    return gaps, now, took


@app.cell
def _(changes, gaps, now, runs, took):
    _said = verdict(now.summary, now.scenario)
    _nothing = ["Nothing that these runs can tell from chance."]
    _did = (comparison.in_words(gaps, now.scenario) or _nothing) if changes else []
    _table = markup.table_answers(now, gaps, bool(changes)) if now.scenario.parties else ""
    _note = f"{runs.value} runs" + (f", done in {took:.2f} s" if changes else "") + ". In brackets: 95 % intervals."
    if changes:
        _note += " Changes are told from runs that share their luck with those of the unchanged scenario."
    mo.Html(markup.findings(_said, _did, _table, _note))
    return


@app.cell
def _(base):
    groups = {"The parties": list(base.parties)} if base.parties else {}
    groups |= sides_of(base)
    groups["Everybody"] = list(base.actors)
    whose = mo.ui.dropdown(list(groups), value=next(iter(groups)), label=f"Whose {stance_word(base)}s")
    return groups, whose


@app.cell
def _(before, groups, now, whose):
    _heading = "How ready they are to stop fighting" if now.scenario.parties else "Where everybody stands"
    _drawn = [(_heading, pictures.chart_stances(now, groups[whose.value], before))]
    if now.digest.sizes["offer"]:
        _drawn.insert(0, ("How likely each party is to accept each offer", pictures.chart_answers(now)))
    mo.vstack([mo.Html(markup.pictures(_drawn)), whose])
    return


@app.cell
def _(base):
    network = Network(base, dpi=100)
    return (network,)


@app.cell
def _(runs):
    get_step, set_step = mo.state(0)
    get_playing, set_playing = mo.state(False, allow_self_loops=True)
    which = mo.ui.number(0, runs.value - 1, value=0, label="Run")
    return get_playing, get_step, set_playing, set_step, which


@app.cell
def _(SEED, scenario, which):
    stepper = Stepper(scenario, SEED, which.value)
    return (stepper,)


@app.cell
def _(base, get_playing, set_playing, set_step):
    # Apart from what follows the step: a button made anew at every step would lose a click meant for the last one.
    _last = base.steps
    back = mo.ui.button(label="← back", on_change=lambda _: set_step(lambda step: max(step - 1, 0)))
    forth = mo.ui.button(label="step →", on_change=lambda _: set_step(lambda step: min(step + 1, _last)))
    again = mo.ui.button(label="from the start", on_change=lambda _: set_step(0))
    play = mo.ui.button(
        label="pause" if get_playing() else "▶ play", on_change=lambda _: set_playing(lambda on: not on)
    )
    return again, back, forth, play


@app.cell
def _(base, get_step, set_step):
    _last = base.steps
    day = mo.ui.slider(
        0,
        _last,
        value=min(get_step(), _last),
        debounce=True,
        on_change=set_step,
        label="Steps done" if base.parties else "Rounds done",
        full_width=True,
    )
    return (day,)


@app.cell
def _(base, get_playing, set_playing, set_step):
    def _tick(_):
        def on(step):
            if step >= base.steps:
                set_playing(False)
                return step
            return step + 1

        set_step(on)

    ticker = (
        mo.ui.refresh(options=["0.3s", "0.6s", "1s", "2s"], default_interval="0.6s", on_change=_tick)
        if get_playing()
        else mo.Html("")
    )
    return (ticker,)


@app.cell
def _(again, back, base, day, forth, get_step, network, play, ticker, stepper, which):
    _past = stepper.to(get_step())
    _moment = _past[-1]
    mo.vstack(
        [
            mo.Html(markup.part("One of these runs, step by step")),
            mo.hstack([again, back, play, forth, which, ticker], justify="start", wrap=True),
            day,
            mo.Html(markup.when(_moment, base)),
            mo.Html(markup.table_moment(_past, base) if base.parties else ""),
            mo.Html(pictures.png(network.show(_past), f"The network of actors: {markup.what_happened(_moment, base)}")),
        ]
    )
    return


@app.cell
def _(SEED, base, changes, known, name, runs, scenario):
    _stem = name.split("/")[-1].removesuffix(".toml")
    _save = mo.download(
        comparison.export(scenario, name, changes).encode(),
        filename=f"{_stem}-changed.toml" if changes else f"{_stem}-copy.toml",
        mimetype="application/toml",
        label="Save as a scenario file",
    )
    _none = markup.paragraph("None yet: move a slider on the left, or take another rule.")
    _table = markup.table_changes(known, changes, {"rule": base.rule.name}) if changes else _none
    mo.vstack(
        [
            mo.Html(markup.part("Your changes") + _table),
            _save,
            mo.Html(markup.small("The same at the command line:")),
            mo.plain_text(comparison.command(name, changes, runs.value, SEED, base.told)),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
