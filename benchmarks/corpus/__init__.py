"""The corpus of wars that two coders coded apart, merged. Run it by ``python -m benchmarks.corpus [WAR ...]``.

Each folder of ``scenarios/wars`` holds the coders' own tables in ``A`` and ``B``, what is the same in both
(``matches.csv`` for offers, ``who.csv`` for actors, ``what.csv`` for issues), and how a third reader settled answers
(``adjudicated.csv``, ``confirmed.csv``). From these the tables beside them are made, by the rules of
``docs/coding.md``. ``--freeze`` writes ``SHA256SUMS``. A test makes everything again and compares.
"""
