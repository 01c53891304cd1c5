"""A draft in a few lines for the terminal: what was written, what to look at, what to type next."""

from __future__ import annotations

from csq.draft.draft import Draft
from csq.reports.draft import name_file, tell_stranger
from csq.wording import Language, Wording, join

_WRITTEN = Wording(
    "已写入 {output}：{found}，可算 {carried} 个指标，{lacking} 个还缺数据",
    "{output} written: {found}; {carried} indicators can be computed, {lacking} lack data",
)
_WRITTEN_WITHOUT = Wording(
    "已写入 {output}：没有认出任何一类数据",
    "{output} written: no kind of data was recognised",
)
_OPEN_IT = Wording(
    "请打开它核对：{guesses} 处猜测已生效，{suggested} 条建议在注释里，{strangers} 个文件认不出",
    "open it to check: guesses in effect: {guesses}, suggestions in comments: {suggested}, "
    "unknown files: {strangers}",
)
_STRANGER = Wording("{name}：{why}", "{name}: {why}")
_NEXT = Wording("下一步：{following}", "next: {following}")
_TOLD = 3
"""Unknown files that the terminal speaks of; the definition names them all."""


def summarise_draft(draft: Draft, output: str, following: str, language: Language) -> str:
    """What was written, and the command to type next, in a few lines for the terminal."""
    guesses = sum(
        len({name for each in source.files for name in each.guessed}) for source in draft.sources
    )
    suggested = sum(
        len(each.suggested) + bool(each.closing) + bool(each.rating) for each in draft.sources
    )
    lines = [
        _WRITTEN.fill(
            output=output,
            found=join([source.schema.title for source in draft.sources]),
            carried=len(draft.carried),
            lacking=len(draft.lacking),
        )
        if draft.sources
        else _WRITTEN_WITHOUT.fill(output=output)
    ]
    if guesses or suggested or draft.strangers:
        lines.append(
            _OPEN_IT.fill(guesses=guesses, suggested=suggested, strangers=len(draft.strangers))
        )
    told = [(name_file(each), why) for each in draft.strangers if (why := tell_stranger(each))]
    lines += [_STRANGER.fill(name=name, why=why) for name, why in told[:_TOLD]]
    if draft.carried:
        lines.append(_NEXT.fill(following=following))
    return "\n".join(line.say(language) for line in lines)
