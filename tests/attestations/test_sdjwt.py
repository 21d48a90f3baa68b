"""SD-JWT by itself: the RFC's examples, and a library that is not ours, in both directions."""

import base64
import json
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from app.attestations import sdjwt
from tests.attestations import vectors
from tests.attestations.forge import AUDIENCE, CLAIMS, ISSUER, NONCE, find_key, issued, shown

THEIR_ISSUER = JWK.from_pyca(ISSUER)


# The RFC's examples.


@pytest.mark.parametrize("disclosure", vectors.DISCLOSURES)
def test_disclosures_and_digests_of_the_rfc(disclosure: str) -> None:
    digest, contents = vectors.DISCLOSURES[disclosure]
    assert sdjwt.digest(disclosure) == digest
    assert json.loads(base64.urlsafe_b64decode(disclosure + "==")) == contents


def test_the_presentation_of_the_rfc() -> None:
    by_name = {str(contents[-2:][0]): each for each, (_, contents) in vectors.DISCLOSURES.items()}
    by_name["US"] = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIlVTIl0"
    by_name["family_name"] = "WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImZhbWlseV9uYW1lIiwgIkRvZSJd"
    text = sdjwt.joined(vectors.CREDENTIAL, [by_name[name] for name in vectors.SHOWN])
    found = sdjwt.parse(text + vectors.BINDING)
    assert sdjwt.digest(found.shown) == vectors.SD_HASH
    key = jwt.PyJWK(vectors.ISSUER, "ES256").key
    unread: Any = {"verify_exp": False, "verify_iat": False}
    payload = jwt.decode(found.credential, key, algorithms=["ES256"], options=unread)
    assert payload == vectors.PAYLOAD
    assert sdjwt.reveal(payload, found.disclosures) == vectors.READ
    holder = sdjwt.public_key(payload["cnf"]["jwk"])
    assert holder == vectors.HOLDER
    told = jwt.decode(
        found.binding, jwt.PyJWK(holder, "ES256").key, ["ES256"], {"verify_aud": False}
    )
    assert (told["nonce"], told["sd_hash"]) == ("1234567890", vectors.SD_HASH)


def test_what_is_hidden_in_what_is_hidden() -> None:
    assert sdjwt.reveal(vectors.NESTED, []) == {}
    assert sdjwt.reveal(vectors.NESTED, [vectors.OUTER]) == {"address": {}}
    both = [vectors.OUTER, vectors.INNER]
    assert sdjwt.reveal(vectors.NESTED, both) == {"address": {"country": "DE"}}
    with pytest.raises(ValueError, match="no digest stands for"):
        sdjwt.reveal(vectors.NESTED, [vectors.INNER])


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
)
_NAMES = st.text(min_size=1).filter(lambda name: name not in ("_sd", "...", "_sd_alg"))


@given(st.dictionaries(_NAMES, _VALUES, max_size=6), st.data())
def test_whatever_is_chosen_is_read_and_nothing_else(
    claims: dict[str, Any], data: st.DataObject
) -> None:
    payload, disclosures = sdjwt.conceal(claims, 6)
    assert len({*payload["_sd"]}) == 6
    chosen = data.draw(st.sets(st.integers(0, 5))) & {*range(len(claims))}
    found = sdjwt.reveal(payload, [disclosures[each] for each in sorted(chosen)])
    assert found == {name: claims[name] for n, name in enumerate(claims) if n in chosen}
    again, _ = sdjwt.conceal(claims, 6)
    assert not {*again["_sd"]} & {*payload["_sd"]}


def test_names_that_cannot_be_hidden_and_too_many() -> None:
    for claims in ({"_sd": 1}, {"...": 1}, dict.fromkeys("abcdefg", 1)):
        with pytest.raises(ValueError, match="reserved name, or too many"):
            sdjwt.conceal(claims, 6)


# A library that is not ours.


def theirs(text: str, audience: str = AUDIENCE, nonce: str = NONCE) -> dict[str, Any]:
    found = SDJWTVerifier(text, lambda *_: THEIR_ISSUER, audience, nonce)
    payload: dict[str, Any] = found.get_verified_payload()
    return payload


@pytest.mark.parametrize(
    "names", [each for n in (1, 2, 3) for each in combinations(CLAIMS, n)], ids="+".join
)
def test_what_we_issue_they_verify(names: tuple[str, ...]) -> None:
    claims = {name: CLAIMS[name] for name in names}
    found = theirs(shown(claims))
    assert {name: found[name] for name in claims} == claims
    assert found.keys() - claims.keys() == {"iss", "iat", "exp", "cnf"}


def test_they_refuse_what_we_bound_for_another() -> None:
    with pytest.raises(ValueError, match="audience"):
        theirs(shown(), audience="https://other.example")
    with pytest.raises(ValueError, match="nonce"):
        theirs(shown(), nonce="another one")


@pytest.mark.parametrize("decoys", [False, True])
def test_what_they_issue_and_present_we_verify(decoys: bool) -> None:
    key = JWK.generate(kty="EC", crv="P-256")
    now = datetime.now(UTC)  # they stamp the binding with the machine's clock
    frame = {"iat": int(now.timestamp()), "exp": int(now.timestamp()) + 900}
    made = SDJWTIssuer(
        {SDObj(name): value for name, value in CLAIMS.items()} | frame,
        THEIR_ISSUER,
        key,
        sign_alg="EdDSA",
        add_decoy_claims=decoys,
        extra_header_parameters={"typ": "dc+sd-jwt", "kid": "1"},
    )
    holder = SDJWTHolder(made.sd_jwt_issuance)
    holder.create_presentation({"grade": True, "quarter": True}, NONCE, AUDIENCE, key)
    proof = sdjwt.check(holder.sd_jwt_presentation, find_key, now)
    assert (proof.audience, proof.nonce) == (AUDIENCE, NONCE)
    proof.claims.pop("cnf")
    assert proof.claims == frame | {"grade": "deep", "quarter": "2026Q3"}


def test_what_we_issue_their_holder_presents() -> None:
    key = JWK.generate(kty="EC", crv="P-256")
    now = datetime.now(UTC)
    holder = sdjwt.public_key(key.export_public(as_dict=True))
    text = issued(CLAIMS, holder, iat=now, exp=now + timedelta(minutes=15))
    wallet = SDJWTHolder(text)
    wallet.create_presentation({"quarter": True}, NONCE, AUDIENCE, key)
    found = sdjwt.check(wallet.sd_jwt_presentation, find_key, now).claims
    assert {name: found[name] for name in CLAIMS if name in found} == {"quarter": "2026Q3"}
