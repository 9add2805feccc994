"""The door for programs: `/api/v1`, and a surface that speaks AfterShip's tracking API."""
