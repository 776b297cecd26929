# Gems out of unpacked packages of Debian, and the compact index of all in INTO/gems: ruby gems.rb UNPACKED INTO
require "digest"
require "fileutils"
require "rubygems/package"

unpacked, into = ARGV
root = File.join(unpacked, "usr/share/rubygems-integration/all")
Dir[File.join(root, "specifications/*.gemspec")].each do |file|
  spec = Gem::Specification.load(file)
  Dir.chdir(File.join(root, "gems", spec.full_name)) do
    spec.files = Dir["lib/**/*"].select { |path| File.file?(path) }
    spec.executables = Dir["#{spec.bindir}/*"].map { |path| File.basename(path) }
    spec.files += Dir["#{spec.bindir}/*"]
    spec.extra_rdoc_files = []
    FileUtils.mv(Gem::Package.build(spec, true), File.join(into, "gems"))
  end
end

FileUtils.mkdir_p(File.join(into, "info"))
lines = Dir[File.join(into, "gems", "*.gem")].sort.map do |file|
  spec = Gem::Package.new(file).spec
  needs = spec.runtime_dependencies.map { |each| "#{each.name}:#{each.requirement.to_s.split(", ").join("&")}" }
  ruby = spec.required_ruby_version.to_s.split(", ").join("&")
  known = ["checksum:#{Digest::SHA256.file(file).hexdigest}", "ruby:#{ruby}"]
  info = "---\n#{spec.version} #{needs.join(",")}|#{known.join(",")}\n"
  File.write(File.join(into, "info", spec.name), info)
  "#{spec.name} #{spec.version} #{Digest::MD5.hexdigest(info)}\n"
end
File.write(File.join(into, "versions"), "created_at: 2020-01-01T00:00:00Z\n---\n#{lines.join}")
