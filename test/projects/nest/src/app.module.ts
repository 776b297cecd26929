import { Controller, Get, Module } from "@nestjs/common";

@Controller()
class AppController {
  @Get()
  orders(): readonly string[] {
    return ["tea"];
  }

  @Get("health")
  health(): object {
    return { status: "ok" };
  }
}

@Module({ controllers: [AppController] })
export class AppModule {}
