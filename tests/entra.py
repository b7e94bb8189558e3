"""A sign-in service in the shape of Microsoft's, written from its public documentation: tokens for an application that signs in as itself.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

from datetime import timedelta
from typing import Annotated
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse

from services.kit.clock import now

TENANT = "7f3e1c1a-5b0e-4d5f-9d0a-0c5a4f1b2e3d"
CLIENT = "c0ffee00-1234-4abc-8def-000000000001"
SECRET = "a secret of the registered application"


class Entra:
    """Gives tokens of `subject` that are good for `seconds`; `issued` are those it gave, and `asked` what they were asked for."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.subject = "an application"
        self.seconds = 3599
        self.secret = SECRET
        self.issued: list[str] = []
        self.asked: list[str] = []
        self.app = FastAPI()
        self.app.get("/{tenant}/v2.0/.well-known/openid-configuration")(self._configuration)
        self.app.post("/{tenant}/oauth2/v2.0/token")(self._token)

    @property
    def public_key(self) -> str:
        """What its tokens are checked with, as PEM."""
        key = self._key.public_key()
        return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()

    async def _configuration(self, request: Request, tenant: str) -> JSONResponse:
        here = f"{request.base_url}{tenant}"
        return JSONResponse(
            {
                "token_endpoint": f"{here}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
                "jwks_uri": f"{here}/discovery/v2.0/keys",
                "issuer": f"{here}/v2.0",
                "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{here}/oauth2/v2.0/devicecode",
                "tenant_region_scope": "EU",
            }
        )

    async def _token(
        self,
        tenant: str,
        grant_type: Annotated[str, Form()],
        client_id: Annotated[str, Form()],
        client_secret: Annotated[str, Form()],
        scope: Annotated[str, Form()],
    ) -> JSONResponse:
        if (tenant, client_id, client_secret, grant_type) != (TENANT, CLIENT, self.secret, "client_credentials"):
            return JSONResponse(
                {
                    "error": "invalid_client",
                    "error_description": "AADSTS7000215: Invalid client secret provided.",
                    "error_codes": [7000215],
                    "timestamp": "2026-11-21 10:00:00Z",
                    "trace_id": str(uuid4()),
                    "correlation_id": str(uuid4()),
                },
                status_code=401,
            )
        at = now()
        claims = {"sub": self.subject, "iss": tenant, "iat": at, "exp": at + timedelta(hours=1), "jti": str(uuid4())}
        token = jwt.encode(claims, self._key, algorithm="RS256")
        self.issued.append(token)
        self.asked.append(scope)
        lasts = {"expires_in": self.seconds, "ext_expires_in": self.seconds}
        return JSONResponse({"token_type": "Bearer", "access_token": token, **lasts})
