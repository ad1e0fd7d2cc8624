"""An invitation that was used leads to where staff sign in, not to where patients do."""

from flask.testing import FlaskClient


def test_a_used_invitation_leads_to_the_sign_in_of_staff(client: FlaskClient) -> None:
    page = client.get("/staff/invitation/used-already", headers={"Accept": "text/html"})
    assert page.status_code == 404
    main = page.text.split('id="main"')[1].split("</main>")[0]
    assert 'href="/staff/sign-in"' in main
