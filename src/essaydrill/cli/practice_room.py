"""From the command line into the exam room and back."""

from essaydrill.cli.practice_desk import Desk


def practise(desk: Desk, prompt: str | None) -> int:
    """Practise in the exam room until the candidate leaves; returns the exit code."""
    from essaydrill.examroom.guard import guard

    if prompt is not None:
        desk.bank.shown(prompt)  # an unknown one is told before the screen changes
    elif not any(map(desk.fits, desk.bank.entries())):
        desk.pick()  # tells that no prompt is as wanted
    watched = guard()
    from essaydrill.examroom.practice import Place, PracticeRoom

    room = PracticeRoom(Place(desk.bank, desk.drafts, desk.kept_in, desk.pick, desk.fits), prompt)
    code = room.open(watched)
    desk.say(room.farewell)
    return code
