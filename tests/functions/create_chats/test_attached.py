"""Organisations are attached by an ИНН that is surely theirs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from create_chats.attached import FINDINGS, read_inn, read_organisations
from housechats.domain.organisations import Organisation, OrganisationKind

COMPANY, TRADER = "7707083893", "500100732259"
"""Printed in textbooks of accounting: a bank's, and an invented person's."""
UK, RSO = OrganisationKind.MANAGEMENT_COMPANY, OrganisationKind.UTILITY


@pytest.mark.parametrize(
    ("typed", "inn"),
    [
        pytest.param(COMPANY, COMPANY, id="an organisation"),
        pytest.param(TRADER, TRADER, id="a sole trader"),
        pytest.param(f"ИНН {COMPANY}", COMPANY, id="named"),
        pytest.param(f"{COMPANY}/770701001", COMPANY, id="with the КПП"),
        pytest.param(f"{COMPANY}.0", COMPANY, id="read as a number"),
        pytest.param("100000004", "0100000004", id="nine digits whose zero was dropped"),
        pytest.param("770708389", "", id="nine digits that lost the last one"),
        pytest.param("7707083894", "", id="a slip of the pen"),
        pytest.param("0000000000", "", id="noughts"),
        pytest.param("7,70708E+09", "", id="a number shown short"),
        pytest.param("1027700132195", "", id="an ОГРН"),
    ],
)
def test_an_inn_is_taken_only_when_its_check_digits_agree(typed: str, inn: str) -> None:
    assert read_inn(typed) == inn


def test_each_kind_of_organisation_is_read_from_its_own_columns() -> None:
    cells = {
        "management_company": "ООО  «Дом»",
        "management_company_inn": COMPANY,
        "administration": "Администрация города",
        "utility_inn": TRADER,
    }

    organisations, findings = read_organisations(cells)

    assert organisations == (
        Organisation(UK, "ООО «Дом»", COMPANY),
        Organisation(OrganisationKind.ADMINISTRATION, "Администрация города"),
        Organisation(RSO, "", TRADER),
    )
    assert {name: f.code for name, f in findings.items()} == {"administration_inn": "inn_missing"}


@pytest.mark.parametrize("between", ["; ", "\n"])
def test_several_utilities_in_a_cell_have_their_inns_in_the_same_order(between: str) -> None:
    cells = {"utility": f"Водоканал{between}Теплосеть", "utility_inn": f"{COMPANY}; {TRADER}"}

    organisations, findings = read_organisations(cells)

    assert organisations == (
        Organisation(RSO, "Водоканал", COMPANY),
        Organisation(RSO, "Теплосеть", TRADER),
    )
    assert findings == {}


def test_inns_that_are_fewer_than_names_belong_to_nobody() -> None:
    cells = {"utility": "Водоканал; Теплосеть", "utility_inn": COMPANY}

    organisations, findings = read_organisations(cells)

    assert organisations == (Organisation(RSO, "Водоканал"), Organisation(RSO, "Теплосеть"))
    assert [f.code for f in findings.values()] == ["inn_count"]


@pytest.mark.parametrize("typed", ["Непосредственное управление", "не выбран", "-", " Нет. "])
def test_a_house_that_nobody_manages_has_no_organisation(typed: str) -> None:
    assert read_organisations({"management_company": typed}) == ((), {})


UNREAD = {
    "inn_missing": {"utility": "Водоканал"},
    "inn_wrong": {"utility": "Водоканал", "utility_inn": "123456789012"},
    "inn_count": {"utility": "Водоканал", "utility_inn": f"{COMPANY}; {TRADER}"},
    "organisations_too_many": {
        "utility": ";".join(f"Водоканал {n}" for n in range(21)),
        "utility_inn": ";".join([COMPANY] * 21),
    },
    "organisation_name_too_long": {"utility": "Водоканал " * 40, "utility_inn": COMPANY},
}


@pytest.mark.parametrize("code", FINDINGS)
def test_an_unread_organisation_stops_no_house_and_is_said_without_its_number(code: str) -> None:
    cells = UNREAD[code]

    _, findings = read_organisations(cells)

    assert [(f.code, f.fatal) for f in findings.values()] == [(code, False)]
    assert not any(cells.get("utility_inn", "?") in f.message for f in findings.values())


@given(
    st.dictionaries(st.sampled_from(["utility", "utility_inn", "management_company"]), st.text())
)
def test_no_cell_breaks_the_reader(cells: dict[str, str]) -> None:
    organisations, _ = read_organisations(cells)

    assert all(one.name or one.inn for one in organisations)
