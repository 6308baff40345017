"""One question with its marking scheme: what a scorer works on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from pydantic import ValidationError

from essaydrill.bank.kinds import Kind
from essaydrill.bank.models import Material, Prompt, Reference
from essaydrill.errors import UsageError


@dataclass(frozen=True)
class Item:
    """A prompt and its reference."""

    prompt: Prompt
    reference: Reference

    @cached_property
    def digest(self) -> str:
        """Eight hex digits that change whenever something in the two files that matters changes."""
        import hashlib
        import json

        # Defaults are left out, so that a field added to the format later does not change the digest of old files.
        content = [model.model_dump(mode="json", exclude_defaults=True) for model in (self.prompt, self.reference)]
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    @classmethod
    def from_references(
        cls,
        task: str,
        references: Sequence[str],
        max_score: float = 10,
        *,
        requirements: str = "",
        kind: Kind = "summary",
        id: str = "question",
        materials: Sequence[Material | str] = (),
    ) -> Self:
        """A question with nothing but reference answers; its scoring points are derived when it is scored.

        `materials` may be plain texts, which are labelled 材料1, 材料2, …. Raises `UsageError` where the values do not
        make a question (no reference, an empty task, a full mark of 0).
        """
        if isinstance(references, str):
            raise UsageError("references 要写成列表，即使只有一份参考答案")
        labelled = [
            material if isinstance(material, Material) else {"label": f"材料{number}", "text": material}
            for number, material in enumerate(materials, 1)
        ]
        texts = [{"label": _letter(number), "text": text} for number, text in enumerate(references)]
        prompt: dict[str, Any] = {"id": id, "kind": kind, "task": task, "requirements": requirements}
        prompt |= {"max_score": max_score, "materials": labelled}
        try:
            return cls(Prompt.model_validate(prompt), Reference.model_validate({"prompt": id, "references": texts}))
        except ValidationError as error:
            from essaydrill.bank.messages import message

            first = error.errors(include_url=False)[0]
            model = Prompt if error.title == "Prompt" else Reference
            field = ".".join(str(step) for step in first["loc"])
            raise UsageError(f"{field}：{message(first, model)}") from None


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else str(number + 1)
