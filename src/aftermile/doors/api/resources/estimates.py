"""Estimates: when something is expected, who says so, and why that changed."""

from __future__ import annotations

from ninja import Router

from aftermile.capabilities.orders.public import OrderNotFound, order
from aftermile.capabilities.promises.public import estimates, estimates_of_orders, revisions
from aftermile.capabilities.shipments.public import ParcelNotFound, parcel
from aftermile.doors.api.endpoint import endpoint
from aftermile.doors.api.fields import OrderId, ParcelId
from aftermile.doors.api.shapes.estimates import (
    EstimatesGiven,
    EstimateToldGiven,
    estimate_given,
    estimate_told,
)
from aftermile.kernel.errors import NotFound

router = Router(tags=["Promises"])


class NothingExpected(NotFound):
    """Nothing is known of when it comes: no carrier, model or rule has said anything of it yet."""

    code = "nothing_expected"
    message = "Nobody has said yet when this parcel comes. Estimates begin with its order or its first scan."


@endpoint(
    router,
    "GET",
    "/parcels/{parcel_id}/estimate",
    scope="shipments:read",
    returns=EstimateToldGiven,
    refusals=[ParcelNotFound, NothingExpected],
)
def read_estimate(parcel_id: ParcelId) -> EstimateToldGiven:
    """Read when a parcel is expected, and what was expected of it before."""
    if parcel(parcel_id) is None:
        raise ParcelNotFound
    found = estimates([parcel_id]).get(parcel_id)
    if found is None:
        raise NothingExpected
    return estimate_told(found, revisions(parcel_id))


@endpoint(
    router,
    "GET",
    "/orders/{order_id}/estimates",
    scope="orders:read",
    returns=EstimatesGiven,
    refusals=[OrderNotFound],
)
def read_estimates_of_order(order_id: OrderId) -> EstimatesGiven:
    """Read when an order and each of its parcels is expected, the oldest first."""
    found = estimates_of_orders([order(order_id).id])[order_id]
    return EstimatesGiven(data=[estimate_given(view) for view in found])
