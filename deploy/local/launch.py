"""`launch.py FILE NAME`: become the program NAME that FILE describes.

supervisord's configuration cannot hold every character of an environment, a command or a path; JSON can. This process is replaced
by the program, so supervisord watches the program itself. Standard library only, and little of it: this runs before every start.
"""

import json
import os
import sys

if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - without pathlib it starts in half the time
        program = json.load(file)[sys.argv[2]]
    os.chdir(program["directory"])
    os.execve(program["command"][0], program["command"], program["environment"])  # noqa: S606 - that is what it is for
