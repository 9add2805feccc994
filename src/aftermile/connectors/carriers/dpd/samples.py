"""Payloads of our own in the ParcelLifeCycleService's shape."""

from __future__ import annotations

from aftermile.connectors.contracts.answers import ASKED_HEADER
from aftermile.connectors.contracts.facts import ProblemKind
from aftermile.connectors.contracts.samples import Samples


def _scan(status: str, when: str, text: str, where: str) -> str:
    return (
        f"<statusInfo><status>{status}</status><label><content>{text}</content></label><description><content>"
        f"<content>{text}</content></content></description><statusHasBeenReached>true</statusHasBeenReached>"
        f"<location><content>{where}</content></location><date><content>{when}</content></date></statusInfo>"
    )


def _envelope(content: str) -> bytes:
    return (
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f"{content}</soap:Body></soap:Envelope>"
    ).encode()


def _answer(scans: str) -> bytes:
    return _envelope(
        '<getTrackingDataResponse xmlns="http://dpd.com/common/service/types/ParcelLifeCycleService/2.0">'
        "<trackingresult><shipmentInfo><serviceDescription><content><content>DPD CLASSIC</content></content>"
        f"</serviceDescription></shipmentInfo>{scans}</trackingresult></getTrackingDataResponse>"
    )


def _fault(code: str, message: str) -> bytes:
    return _envelope(
        "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>Fault</faultstring><detail><fault>"
        f"<errorCode>{code}</errorCode><errorMessage>{message}</errorMessage></fault></detail></soap:Fault>"
    )


AHEAD = (
    "<statusInfo><status>Delivered</status><statusHasBeenReached>false</statusHasBeenReached></statusInfo>"
)
samples = Samples(
    answer=_answer(
        _scan("PickedUp", "2/9/2026 6:15:00 PM", "Handed to DPD", "Gent (BE)")
        + _scan("BetweenDepots", "2/10/2026 1:20:10 AM", "In transit", "Puurs (BE)")
        + _scan("Courier", "2/10/2026 8:02:00 AM", "Out for delivery", "Rotterdam (NL)")
        + _scan("Delivered", "2/10/2026 12:30:00 PM", "Delivered", "Rotterdam (NL)")
    ),
    scans="Body/getTrackingDataResponse/trackingresult/statusInfo",
    code=("status",),
    moment=("date/content",),
    description="description/content/content",
    place="location/content",
    empty=_answer(AHEAD),
    errors={
        ProblemKind.NOT_FOUND: _fault("PLC_ERR_NOT_FOUND", "No parcel of this number."),
        ProblemKind.UNAUTHORIZED: _fault("DELICOM_ERR_AUTHENTICATION", "Check the password."),
        ProblemKind.RATE_LIMITED: _fault("CALL_LIMIT", "Too many calls."),
    },
    headers={ASKED_HEADER: "01505000000017"},
)
