require "bcrypt"

module Page
  TEMPLATE = File.read(File.expand_path("../views/index.html", __dir__))
  SECRET = BCrypt::Password.new("$2a$04$KkHp5Y6Hs3LQGnGvyqEz2.rTKMqDsUZGNB4VGbl1aSeCqWqcVCL6q")

  def self.at(path)
    case path
    when "/" then [200, format(TEMPLATE, name: "world", cost: SECRET.cost)]
    when "/health" then [200, "ok\n"]
    else [404, "not found\n"]
    end
  end
end
