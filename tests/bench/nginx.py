"""The nginx that scripts/configure made for a pool, which may serve others in the same way."""
import re
import socket
import time
import urllib.error
import urllib.request

from server import Server


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    def __init__(self, pool, port):
        self.folder, self.port, self.url = pool.folder, port, f"http://localhost:{port}"
        self.access_log = pool.folder / "log/access.log"

    def add_location(self, location, inside):
        self._edit("        include site.conf;", f"        location {location} {{ {inside} }}\n")

    def add_backend(self, name, path, its_socket, more="", most_kept=1000):
        """Sends what begins with `path` to `its_socket`, with every setting that /actions/ has;
        `most_kept` bounds the idle connections that each worker of nginx keeps."""
        upstream = re.search(r"    upstream actiond \{.*?\n    \}\n",
                             (self.folder / "nginx.conf").read_text(), re.S)[0]
        copy = upstream.replace("upstream actiond", f"upstream {name}").replace("zone actiond_pool", f"zone {name}")
        copy = copy.replace(f"{self.folder}/actiond.sock", str(its_socket))
        copy = re.sub(r"(?<=keepalive )\d+", lambda kept: str(min(int(kept[0]), most_kept)), copy)
        self._edit(upstream, copy)
        self.add_location(f"^~ {path}", f"fastcgi_pass {name}; include fastcgi.conf; {more}")

    def _edit(self, before, added):
        conf = self.folder / "nginx.conf"
        head, tail = conf.read_text().split(before)
        conf.write_text(head + added + before + tail)

    def start(self):
        log = self.folder / "log/nginx.log"
        return Server(["nginx", "-e", log, "-c", self.folder / "nginx.conf", "-g", "daemon off;"], log)

    def status(self, path, cookie=""):
        request = urllib.request.Request(self.url + path, headers={"Cookie": f"session={cookie}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_for(self, path, status=200, cookie="", pause=0.01):
        """Seconds until `path` is answered with `status`."""
        start = time.monotonic()
        while (got := self.status(path, cookie)) != status:
            if time.monotonic() > start + 15:
                raise RuntimeError(f"{path} is answered with {got}; see {self.folder}/log")
            time.sleep(pause)
        return time.monotonic() - start
