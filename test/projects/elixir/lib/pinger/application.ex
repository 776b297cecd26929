defmodule Pinger.Application do
  use Application

  @impl true
  def start(_type, _args) do
    children = [{Task, fn -> Pinger.Server.listen(4000) end}]
    Supervisor.start_link(children, strategy: :one_for_one, name: Pinger.Supervisor)
  end
end
