"""The local stack: everything real, on this one machine, private to this checkout.

`setup` finds or installs what is needed, `stack` starts and stops it, and one module per real part (`rabbitmq`, `postgresql`,
`temporal`, `catcher`, `services`) says how that part is run and when it is ready. Everything is kept in one folder, `.local/`,
and listens on loopback only. The tests start the same parts on ports and in folders of their own.
"""
