// A model is asked over HTTP on loopback: the real curl, and a server that says what it is told to.
#include "diagnostics/model_service.hpp"

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "base/unique_fd.hpp"
#include "support/temp_folder.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

namespace headway {
namespace {

// Answers one request with `response` (a whole HTTP response; empty: nothing, until the client
// goes), and keeps what came.
class OneAnswer {
 public:
  explicit OneAnswer(std::string response) : response_(std::move(response)) {
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&place), size), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&place), &size);
    port_ = ntohs(place.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneAnswer() { (void)request(); }

  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
  // What came; to be asked for when the client is done.
  const std::string& request() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    if (thread_.joinable()) {
      thread_.join();
    }
    return request_;
  }

 private:
  bool is_whole() const {
    const std::size_t head = request_.find("\r\n\r\n");
    const std::size_t length = request_.find("Content-Length: ");
    return head != std::string::npos && length != std::string::npos &&
           request_.size() >= head + 4 + std::stoul(request_.substr(length + 16));
  }

  void serve() {
    const UniqueFd peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::array<char, 4096> buffer{};
    while (peer && (response_.empty() || !is_whole())) {
      const ssize_t count = ::read(peer.get(), buffer.data(), buffer.size());
      if (count <= 0) {
        return;
      }
      request_.append(buffer.data(), static_cast<std::size_t>(count));
    }
    (void)!::write(peer.get(), response_.data(), response_.size());
  }

  std::string response_, request_;
  UniqueFd listener_;
  int port_ = 0;
  std::thread thread_;
};

std::string http(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

// A response of the interface whose content is `said`.
std::string completion(const std::string& said) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().key("choices").begin_array().begin_object().key("message").begin_object();
  json.field("role", "assistant").field("content", said);
  json.end_object().end_object().end_array().end_object();
  return text;
}

class ModelServiceTest : public testing::Test {
 protected:
  RedactedQuestion asked_of(const ModelService& service) {
    return redact_question(
        {"unit", "make", "exit code 2", "unknown", {"one", "fatal: token hunter2hunter2 is old"}},
        service,
        redactor);
  }

  Redactor redactor{SecretSet({"hunter2hunter2"})};
  std::vector<std::string> environment{"PATH=/usr/bin:/bin", "http_proxy=http://127.0.0.1:9"};
};

TEST_F(ModelServiceTest, the_question_arrives_redacted_and_the_answer_comes_back) {
  OneAnswer server(
      http("200 OK",
           completion("{\"cause\":\"the token is old\",\"next_step\":\"renew it\","
                      "\"command\":\"renew\",\"quotes\":[\"fatal: token *** is old\"]}")));
  const ModelService service{server.address(), "small", "the-key"};
  const auto answer = ask_model(service, asked_of(service), environment);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->text, "the token is old. renew it.");
  EXPECT_EQ(answer->quoted, std::vector<std::size_t>{1});
  const std::string& request = server.request();
  EXPECT_TRUE(request.starts_with("POST /v1/chat/completions HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Authorization: Bearer the-key\r\n"), std::string::npos) << request;
  EXPECT_EQ(request.find("hunter2"), std::string::npos) << request;
  const auto body = Json::parse(request.substr(request.find("\r\n\r\n") + 4));
  ASSERT_TRUE(body) << request;
  EXPECT_EQ((*body)["model"].as_string(), "small");
}

TEST_F(ModelServiceTest, an_error_of_the_service_is_told_in_its_words) {
  OneAnswer server(http("404 Not Found", "{\"error\":{\"message\":\"no model 'small' here\"}}"));
  const ModelService service{server.address(), "small"};
  const auto answer = ask_model(service, asked_of(service), environment);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::io);
  EXPECT_NE(answer.error().message.find("HTTP status 404"), std::string::npos);
  EXPECT_NE(answer.error().message.find("no model 'small' here"), std::string::npos);
}

TEST_F(ModelServiceTest, an_error_that_says_nothing_is_told_by_its_status) {
  OneAnswer server(http("500 Oops", "<html>"));
  const ModelService service{server.address(), "small"};
  const auto answer = ask_model(service, asked_of(service), environment);
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().message.ends_with(": HTTP status 500")) << answer.error().message;
}

TEST_F(ModelServiceTest, an_answer_without_measure_is_not_read_to_its_end) {
  OneAnswer server(http("200 OK", std::string(2 << 20, ' ') + completion("{}")));
  const ModelService service{server.address(), "small"};
  const auto answer = ask_model(service, asked_of(service), environment);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::io);
  EXPECT_NE(answer.error().message.find("over 256 KiB"), std::string::npos)
      << answer.error().message;
}

TEST_F(ModelServiceTest, a_redirect_is_not_followed) {
  OneAnswer other(http("200 OK", completion("{}")));
  OneAnswer server("HTTP/1.1 307 Go\r\nLocation: " + other.address() +
                   "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  const ModelService service{server.address(), "small"};
  const auto answer = ask_model(service, asked_of(service), environment);
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("HTTP status 307"), std::string::npos)
      << answer.error().message;
  EXPECT_EQ(other.request(), "");
}

TEST_F(ModelServiceTest, one_that_never_answers_is_given_up) {
  OneAnswer server("");
  ModelService service{server.address(), "small"};
  service.patience = std::chrono::seconds(1);
  const auto answer = ask_model(service, asked_of(service), environment);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::io);
}

TEST_F(ModelServiceTest, no_server_and_no_curl_are_told) {
  std::string address;
  {
    OneAnswer gone("");
    address = gone.address();
  }
  const ModelService service{address, "small"};
  const auto nobody = ask_model(service, asked_of(service), environment);
  ASSERT_FALSE(nobody);
  EXPECT_NE(nobody.error().message.find("curl: (7)"), std::string::npos) << nobody.error().message;
  const auto no_curl = ask_model(service, asked_of(service), {"PATH=/does/not/exist"});
  ASSERT_FALSE(no_curl);
  EXPECT_EQ(no_curl.error().code, ErrorCode::not_found);
}

TEST_F(ModelServiceTest, another_machine_is_not_asked_without_leave) {
  const ModelService service{"https://model.example/v1", "small"};
  const auto answer = ask_model(service, asked_of(service), {"PATH=/does/not/exist"});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_argument);
}

// The key is in no argument and no variable: a curl that tells all it got.
TEST_F(ModelServiceTest, the_key_is_read_from_standard_input_alone) {
  const TempFolder folder;
  const std::string curl = folder / "curl";
  spill(curl,
        "#!/bin/sh\necho \"$@\" > '" + folder.path() + "/words'\nenv >> '" + folder.path() +
            "/words'\ncat > '" + folder.path() + "/input'\n");
  std::filesystem::permissions(curl, std::filesystem::perms::owner_all);
  const ModelService service{"http://localhost:1/v1", "small", "the-key"};
  (void)ask_model(service,
                  asked_of(service),
                  {"PATH=" + folder.path() + ":/usr/bin:/bin", "MODEL_KEY=the-key"});
  EXPECT_EQ(slurp(folder / "words").find("the-key"), std::string::npos);
  EXPECT_NE(slurp(folder / "words").find("-q --config -"), std::string::npos);
  EXPECT_NE(slurp(folder / "input").find("the-key"), std::string::npos);
}

}  // namespace
}  // namespace headway
