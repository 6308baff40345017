"""The marks of every prompt's specimens against the machine's, as a table for the documents.

`python -m essaydrill.agreement.specimen_table` prints it for the built-in bank.
"""

from collections.abc import Callable, Iterator, Sequence

from essaydrill.bank import Bank, Item, SpecimenAgreement, specimen_agreement
from essaydrill.scoring import Result, Scorer


def specimen_agreements(bank: Bank) -> Iterator[SpecimenAgreement]:
    """One for each prompt with specimens, in the order of ids."""
    for item in (bank[identifier] for identifier in bank):
        if item.reference.specimens:
            yield specimen_agreement(item, _score_function(item))


def _score_function(item: Item) -> Callable[[Item, str], Result]:
    scorer = Scorer(item)
    return lambda _, text: scorer.score(text)


def markdown(agreements: Sequence[SpecimenAgreement]) -> Iterator[str]:
    """The lines of the table, the prompts that differ most on top, all of them together below."""
    yield "| prompt | specimens | mean difference | same status | farthest apart | marker | machine |"
    yield "|---|---|---|---|---|---|---|"
    for each in sorted(agreements, key=lambda each: (-each.difference, each.id)):
        worst, full = each.worst, each.max_score
        named = worst.flaw or worst.level or "–"
        shares = f"{worst.marker / full:.2f} | {worst.machine / full:.2f}"
        same = "–" if each.same_status is None else f"{each.same_status:.2f}"
        yield f"| {each.id} | {each.specimens} | {each.difference:.2f} | {same} | {named} | {shares} |"
    specimens, points = (sum(getattr(each, name) for each in agreements) for name in ("specimens", "points"))
    difference = sum(each.difference * each.specimens for each in agreements) / max(1, specimens)
    same_status = sum((each.same_status or 0) * each.points for each in agreements) / max(1, points)
    yield f"| all | {specimens} | {difference:.2f} | {same_status:.2f} | | | |"


if __name__ == "__main__":
    print("\n".join(markdown(list(specimen_agreements(Bank.open())))))
