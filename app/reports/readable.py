"""The document of `exporting` as a page that people read: plain HTML, nothing loaded from anywhere.

Everything that is told is escaped; the headings are in Chinese and in English.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

TITLES = {
    "profile": "账户 · Account",
    "documents": "已接受的协议与告知 · Documents accepted",
    "sign_ins": "登录 · Sign-ins",
    "page_sessions": "网页登录 · Signed in to the pages",
    "bindings": "绑定的卡、表、账户 · Bindings",
    "points": "积分 · Points",
    "activities": "低碳行为 · Activities",
    "months": "每月合计 · Months",
    "claims": "合作平台已计入的行为 · What partners say they have credited",
    "payers": "由平台单独计分的行为 · What a partner alone pays",
    "disputes": "有异议的行为 · Activities contested",
    "vouchers": "权益券 · Vouchers",
    "account_codes": "账户码 · Codes of the account",
    "links": "关联的平台 · Links",
    "exchanges": "积分兑换 · Exchanges",
    "consents": "授权同意 · Consents",
    "refusals": "拒绝过的授权 · Consents refused",
    "disclosures": "谁看过、告知过谁 · Disclosures",
    "claim_secret_made_at": "比对密钥的生成时间 · When the secret for partners was made",
    "let_in": "经异议计入的行为 · Late acts that an objection let in",
    "contested": "有异议的季度 · Quarters contested",
    "grades": "碳等级 · Grades",
    "inquiries": "银行查询 · Inquiries by banks",
    "attestations": "凭证 · Proofs",
    "objections": "异议 · Objections",
}
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}"
    "table{border-collapse:collapse;margin:.3rem 0}th,td{border:1px solid #bbb;padding:.2rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eef3ee}"
    "section{overflow-x:auto}"
)


def page(document: Mapping[str, Any]) -> str:
    """The whole page."""
    head = {k: v for k, v in document.items() if not isinstance(v, dict)}
    kinds = {"kinds": document["lists"]["kinds"]}
    parts = [
        _section("文件 · This document", head),
        *(_section(TITLES.get(name, name), told) for name, told in document["sections"].items()),
        _section("来源与保存期限 · Where it comes from, how long it is kept", kinds),
    ]
    return (
        '<!doctype html><html lang="zh"><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>微碳 · {escape(document['resident'])}</title><style>{_STYLE}</style>"
        f"<h1>我的全部数据 · Everything about me</h1>{''.join(parts)}</html>"
    )


def _section(title: str, told: Any) -> str:
    return f"<section><h2>{escape(title)}</h2>{_told(told)}</section>"


def _told(value: Any) -> str:
    if value in (None, [], {}):
        return "—"
    match value:
        case bool():
            return "是 · yes" if value else "否 · no"
        case dict():
            return _table((f"<th>{escape(str(k))}</th>", _cell(v)) for k, v in value.items())
        case [dict(), *_]:
            return _rows(value)
        case list():
            return ", ".join(map(_told, value))
        case _:
            return escape(str(value))


def _rows(rows: list[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    return _table([(heads,), *([_cell(row.get(name)) for name in names] for row in rows)])


def _cell(value: Any) -> str:
    return f"<td>{_told(value)}</td>"


def _table(rows: Iterable[Iterable[str]]) -> str:
    lines = (f"<tr>{''.join(cells)}</tr>" for cells in rows)
    return f"<table>{''.join(lines)}</table>"
