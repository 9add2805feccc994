"""A surface that speaks AfterShip's tracking API 2026-07, so that their client works with our address."""
