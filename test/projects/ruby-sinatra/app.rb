require "sinatra/base"

class App < Sinatra::Base
  get("/") { erb :index }
  get("/health") { "ok\n" }
end
