require_relative "lib/page"

use Rack::ContentLength

run lambda { |env|
  status, body = Page.at(env["PATH_INFO"])
  [status, { "content-type" => "text/html" }, [body]]
}
