defmodule Pinger.Server do
  @options [:binary, packet: :http_bin, active: false, reuseaddr: true]

  def listen(port) do
    {:ok, listener} = :gen_tcp.listen(port, @options)
    accept(listener)
  end

  defp accept(listener) do
    {:ok, client} = :gen_tcp.accept(listener)
    with {:ok, {:http_request, _method, {:abs_path, path}, _version}} <- :gen_tcp.recv(client, 0, 5_000) do
      {status, body} = Pinger.Page.at(path)
      length = byte_size(body)
      :gen_tcp.send(client, "HTTP/1.1 #{status}\r\ncontent-length: #{length}\r\nconnection: close\r\n\r\n#{body}")
    end

    :gen_tcp.shutdown(client, :write)
    drain(client)
    accept(listener)
  end

  # What the client still sends is read: closing before would reset the connection.
  defp drain(client) do
    case :gen_tcp.recv(client, 0, 1_000) do
      {:ok, _} -> drain(client)
      {:error, _} -> :gen_tcp.close(client)
    end
  end
end
