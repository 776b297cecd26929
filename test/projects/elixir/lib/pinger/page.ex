defmodule Pinger.Page do
  def at("/"), do: {"200 OK", "pong\n"}
  def at("/health"), do: {"200 OK", "ok\n"}
  def at(_path), do: {"404 Not Found", "not found\n"}
end
