"""A worker's hand as a process of its own: publishes what is due, and ends. Started by the fault tests."""

import django

if __name__ == "__main__":
    django.setup()
    from scheduler.services.publish import drain

    drain(30)
