package main

const title = "ledger"
