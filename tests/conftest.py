"""How Hypothesis draws: in each run of a tree the same cases, unless exploring is asked for."""

from hypothesis import HealthCheck, settings

# A failing case is told in a form that repeats it; a busy machine is no fault of what is tested.
CALM = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("repeatable", CALM, derandomize=True, database=None)
settings.register_profile("exploring", CALM, derandomize=False)
settings.load_profile("repeatable")
