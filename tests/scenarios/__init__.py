"""Stories told against a real installation: every process of `aftermile serve`, over HTTP, with kill -9."""
