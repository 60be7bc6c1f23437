import pytest

from local.resources.model import OAuthClient
from local.template.errors import TemplateError
from tests.local.resources.conftest import Deploy

POOL = {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": "people"}}


def client(**properties: object) -> dict[str, object]:
    return {"Pool": POOL, "Client": {"Type": "AWS::Cognito::UserPoolClient", "Properties": {"UserPoolId": {"Ref": "Pool"}, **properties}}}


def test_a_client_has_what_the_template_says_for_the_local_user_pool(deploy: Deploy) -> None:
    deployed = deploy(
        client(
            ClientName="apps",
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["a/b"],
            CallbackURLs=["http://127.0.0.1:1/"],
            AccessTokenValidity="10",
            TokenValidityUnits={"AccessToken": "minutes"},
            RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 5},
        )
    )
    assert deployed.oauth_clients == {
        "Client": OAuthClient("apps", "apps-secret", ("code",), ("a/b",), ("http://127.0.0.1:1/",), (), 600, 30 * 86400, 5)
    }
    assert deployed.references["Client"] == "apps"


def test_flows_need_to_be_switched_on_and_no_secret_is_made_unasked(deploy: Deploy) -> None:
    found = deploy(client(AllowedOAuthFlows=["code"])).oauth_clients["Client"]
    assert (found.flows, found.secret, found.access_seconds, found.rotation_grace) == ((), None, 3600, None)


def test_an_unknown_unit_is_refused_with_those_that_there_are(deploy: Deploy) -> None:
    with pytest.raises(TemplateError, match="'weeks' is no unit; there are seconds, minutes"):
        deploy(client(TokenValidityUnits={"RefreshToken": "weeks"}))
