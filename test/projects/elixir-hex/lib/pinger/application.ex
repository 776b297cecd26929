defmodule Pinger.Application do
  use Application

  @impl true
  def start(_type, _args) do
    children = [{Bandit, plug: Pinger.Router, port: 4000}]
    Supervisor.start_link(children, strategy: :one_for_one, name: Pinger.Supervisor)
  end
end
