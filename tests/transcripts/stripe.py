"""usage: stripe.py FOLDER

Answers as Stripe's API would: GET /v1/…/ID with the file FOLDER/ID, and a list with FOLDER/subscriptions; POST with
FOLDER/sessions, once FOLDER/refuses is there with 402.  Writes its origin to FOLDER/origin and the keys of posts to
FOLDER/keys, and ends after two minutes.
"""
import http.server
import pathlib
import sys
import threading

FOLDER = pathlib.Path(sys.argv[1])


class Stripe(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        file = FOLDER / self.path.partition("?")[0].rpartition("/")[2]
        may = self.headers["Authorization"] == "Bearer rk_test_1"
        status = 401 if not may else 200 if file.exists() else 404
        self.answer(status, file.read_bytes() if status == 200 else b"{}")

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        with (FOLDER / "keys").open("a") as keys:
            keys.write(self.headers["Idempotency-Key"] + "\n")
        if (FOLDER / "refuses").exists():
            self.answer(402, b'{"error":{"type":"card_error"}}')
        else:
            self.do_GET()

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Request-Id", "req_1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Stripe)
threading.Timer(120, server.shutdown).start()
(FOLDER / "origin").write_text(f"http://127.0.0.1:{server.server_port}")
server.serve_forever()
