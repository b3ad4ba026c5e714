FROM node:24-slim AS pages
WORKDIR /app
COPY package.json package-lock.json prisma.config.ts ./
COPY prisma prisma
COPY src/trim-install.ts src/
RUN npm ci
COPY codegen.ts schema.graphql tsconfig.json ./
COPY src src
RUN npm run build

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
WORKDIR /app

# The packages and the database client change seldom; the sources often.
COPY package.json package-lock.json prisma.config.ts ./
COPY prisma prisma
COPY src/trim-install.ts src/
RUN npm ci --omit=dev && npm cache clean --force

COPY src src
COPY --from=pages /app/dist dist
USER node
EXPOSE 8000
HEALTHCHECK --start-period=30s CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/api/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "--disable-warning=ExperimentalWarning", "src/main.ts"]
