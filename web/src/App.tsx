export function App() {
  return <main>chatproject</main>;
}
