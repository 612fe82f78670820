"""The least that can stand behind the gateway: two companies that repeat what they are asked."""

from __future__ import annotations

import json

from sandbox.intuit.companies_api import ApiRequest, ApiResponse, CompanyCard

ACME = "9130347596842110"
OTHER = "9130347596842111"

REPORT = {
    "Header": {"ReportName": "ProfitAndLoss"},
    "Columns": {"Column": [{"ColTitle": "", "ColType": "Account"}, {"ColTitle": "Total"}]},
    "Rows": {"Row": [{"ColData": [{"value": "Fees"}, {"value": "12.00"}], "type": "Data"}]},
}


class SmallBooks:
    def __init__(self) -> None:
        self.asked: list[tuple[str, ApiRequest]] = []
        self.prepared: ApiResponse | None = None

    def companies(self) -> list[CompanyCard]:
        return [CompanyCard(ACME, "Acme"), CompanyCard(OTHER, "O'Hara <b>& Sons</b>")]

    def handle(self, realm_id: str, request: ApiRequest) -> ApiResponse:
        self.asked.append((realm_id, request))
        if self.prepared is not None:
            return self.prepared
        body = REPORT if request.path_after_realm.startswith("reports/") else {"QueryResponse": {}}
        return ApiResponse(
            200, {"Content-Type": "application/json;charset=UTF-8"}, json.dumps(body).encode()
        )
