"""Makes Superset's own database, with one user, and becomes Superset's server.

Making the database's tables takes longer than everything else, so it is done once: an
empty database lies in the virtual environment from then on. gunicorn imports this file
too, for create_app.
"""
import fcntl
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DATABASE = os.path.join(HERE, "superset.db")


def make_empty(path):
    with open(path + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(path):
            return
        partial = path + ".partial"
        if os.path.exists(partial):
            os.remove(partial)
        environment = {**os.environ, "HOPLAB_SUPERSET_DATABASE": partial}
        for step in (["db", "upgrade"], ["init"]):
            command = [sys.executable, "-c", "from superset.cli.main import superset; superset()"]
            subprocess.run(command + step, env=environment, check=True)
        os.rename(partial, path)


def create_app():
    from superset.app import create_app as create

    app = create()
    with app.app_context():
        from superset import security_manager as manager

        user, password = app.config["HOPLAB_LOGIN"]
        if not manager.find_user(user):
            manager.add_user(user, "hop", "lab", user + "@localhost", manager.find_role("Admin"), password=password)
    return app


if __name__ == "__main__":
    if not os.path.exists(DATABASE):
        empty = os.path.join(sys.prefix, "superset-empty.db")
        make_empty(empty)
        shutil.copyfile(empty, DATABASE)
    os.environ["HOPLAB_SUPERSET_DATABASE"] = DATABASE
    os.execv(sys.executable, [
        sys.executable, "-m", "gunicorn", "--bind", sys.argv[1], "--workers", "1", "--worker-class", "gthread",
        "--threads", "8", "--timeout", "300", "superset_start:create_app()",
    ])
