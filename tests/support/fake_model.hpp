// FakeModel: a language model's service on loopback (Python's http.server, any free port) that
// answers as a test tells it to and keeps what it was asked. Knows nothing of what asks it.
#pragma once

#include "base/json_writer.hpp"
#include "support/headway_program.hpp"

#include <string>

namespace headway {

// Serves until the destructor, which ends it. What it serves may be changed at any time.
class FakeModel {
 public:
  FakeModel() {
    spill(folder_ / "server.py", kServer);
    spill(folder_ / "requests", "");
    serve("200", "{}");
    pid_ = ::fork();
    if (pid_ == 0) {
      const std::string script = folder_ / "server.py";
      ::execlp("python3", "python3", script.c_str(), folder_.path().c_str(), nullptr);
      ::_exit(127);
    }
    (void)eventually([&] { return std::filesystem::exists(folder_ / "port"); });
  }
  FakeModel(const FakeModel&) = delete;
  FakeModel& operator=(const FakeModel&) = delete;
  ~FakeModel() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  std::string address() const { return "http://127.0.0.1:" + slurp(folder_ / "port") + "/v1"; }

  // A status and a body; or "hang": no answer, "endless": one without end.
  void serve(const std::string& how, const std::string& body) const {
    spill(folder_ / "body", body);
    spill(folder_ / "how", how);
  }
  // An answer of the model: what it says is `said`.
  void say(const std::string& said) const {
    std::string text;
    JsonWriter json(text);
    json.begin_object().key("choices").begin_array().begin_object().key("message").begin_object();
    json.field("role", "assistant").field("content", said);
    json.end_object().end_object().end_array().end_object();
    serve("200", text);
  }

  // Every byte of every request so far: lines, headers and bodies.
  std::string requests() const { return slurp(folder_ / "requests"); }
  // The body of the one request so far.
  std::string body() const {
    const std::string all = requests();
    return all.substr(std::min(all.size(), all.find("\r\n\r\n") + 4));
  }
  // Whether who asked has hung up, with "hang".
  bool was_left() const { return std::filesystem::exists(folder_ / "left"); }

 private:
  static constexpr const char* kServer = R"(import http.server, os, sys
folder = sys.argv[1]

def content(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()

class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open(os.path.join(folder, "requests"), "ab") as file:
            file.write(self.raw_requestline + str(self.headers).replace("\n", "\r\n").encode() + body)
        how = content("how").decode()
        if how == "hang":
            self.rfile.read(1)
            open(os.path.join(folder, "left"), "w").close()
            return
        answer = content("body")
        self.send_response(200 if how == "endless" else int(how))
        if how != "endless":
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        try:
            while how == "endless":
                self.wfile.write(b" " * 65536)
        except OSError:
            pass

    def log_message(self, *words):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open(os.path.join(folder, "port.new"), "w") as file:
    file.write(str(server.server_address[1]))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
server.serve_forever()
)";

  TempFolder folder_;
  pid_t pid_ = -1;
};

}  // namespace headway
