"""``ceasefire animate``: what it writes and says, and that a moving picture that fails leaves nothing behind."""

import pytest
from PIL import Image

pytestmark = pytest.mark.usefixtures("still_file")


def test_one_run_is_written_as_a_moving_picture_of_every_step(ceasefire, tmp_path):
    code, out, _ = ceasefire("animate", "still.toml", "--run", "3", "--seed", "2", "--dpi", "40", "--out", "moving")
    assert code == 0
    assert out.startswith("Written to moving/animate.gif (")
    assert "run 3 of seed 2." in out
    with Image.open(tmp_path / "moving" / "animate.gif") as picture:
        assert picture.n_frames > 11  # the opening and ten steps, of which two flash
        assert picture.size == (320, 276)
    # the same folder is not taken for another run unless told so
    code, _, err = ceasefire("animate", "still.toml", "--out", "moving")
    assert code == 2
    assert "--force" in err


def test_silence_is_kept_and_names_without_letters_in_the_font_are_told(ceasefire, tmp_path):
    assert ceasefire("animate", "still.toml", "--dpi", "30", "--quiet") == (0, "", "")
    assert list((tmp_path / "results").glob("animate-still-*/animate.gif"))
    text = (tmp_path / "still.toml").read_text()
    (tmp_path / "signs.toml").write_text(text.replace("[actors.Red]", '[actors.Red]\nname = "\\U00012345"'))
    code, out, _ = ceasefire("animate", "signs.toml", "--dpi", "30")
    assert code == 0
    assert "pictures show the keys instead, such as Red (\U00012345)" in out


def test_where_the_drawing_fails_nothing_is_left(ceasefire, tmp_path, monkeypatch):
    def broken(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("simulation.show.animation.animate", broken)
    assert ceasefire("animate", "still.toml", "--dpi", "30")[0] != 0
    assert not list(tmp_path.rglob("*.gif"))
    assert not list(tmp_path.glob("results/*"))
